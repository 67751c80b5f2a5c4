//! The macro [`lazy_module!`], which splits code into WASM modules that are loaded when they are first used.
//!
//! The build of the widget (`xtask/src/wasm.rs`) sets the feature `split`. Then the tool wasm-split moves all code that
//! is reachable only through the functions declared by this macro into separate modules. Without the feature, as in
//! tests, all code is in one module.
//!
//! Every conversation needs two of these modules: the conversation part, which has the engine and the runtime, and after
//! it the content, which draws everything about messages. Three files of this crate exist only because the conversation
//! part is separate from the first module, which draws the panel. The first module reaches the conversation part through
//! `view/conversation_slot.rs` and `view/panel_content.rs`; the entry of the conversation part is
//! `js_api/conversation.rs`, which also loads the content.
//!
//! Code that two modules use is in a further file (`chunk_N.wasm`), and is called by a table, which takes bytes. Therefore
//! the content calls the runtime only through a trait (`view/context.rs`): the calls of a trait's functions do not count
//! as a use.

/// The error of a module that could not be loaded, because the network failed or the file of the module is missing.
/// The next call of the same function tries again.
#[derive(Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Declares an async function whose body is compiled into the module `$module`. A call first loads that module, and
/// returns [`NotLoaded`] if this fails; otherwise it returns the result of the body in `Ok`. Several functions may name
/// the same module.
macro_rules! lazy_module {
    ($module:ident: $visible:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $result:ty $body:block) => {
        // The attribute makes the function async. With `fallible`, the function returns the error of a module that
        // could not be loaded, and does not panic.
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($module, fallible)]
        $visible fn $name($($argument: $type),*) -> Result<$result, $crate::lazy_module::NotLoaded> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $visible async fn $name($($argument: $type),*) -> Result<$result, $crate::lazy_module::NotLoaded> {
            Ok($body)
        }
    };
}

pub(crate) use lazy_module;
