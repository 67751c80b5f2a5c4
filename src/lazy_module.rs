//! The macro [`lazy_module!`], which splits code into WASM modules that are loaded when they are first used.
//!
//! The build of a site sets the feature `split`. Then the tool wasm-split moves all code that is reachable only through
//! the functions declared by this macro into modules of their own. Without the feature, as in tests, all code is in one
//! module.
//!
//! The largest such module is the conversation part, with everything about messages. Three files of this crate exist
//! only because of it: `view/conversation_slot.rs` and `view/panel_content.rs` are the boundary on the side of the
//! first module, and `js_api/conversation.rs` on the other side.

/// The error of a module that could not be loaded, because the network failed or a file of the site is missing. The
/// next call of the function tries again.
#[derive(Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Declares an async function whose body is compiled into the module `$module`. A call first loads that module. Several
/// functions may name the same module.
macro_rules! lazy_module {
    ($module:ident: $visible:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $result:ty $body:block) => {
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
