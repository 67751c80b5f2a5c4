//! The macro [`lazy_module!`], which splits code into WASM modules that are loaded when they are first used.
//!
//! The site's build sets the feature `split`, and wasm-split then moves everything that is reachable only through a lazy
//! function into a module of its own. Without the feature, as in tests, there is one module and nothing to wait for. Several
//! seams of this crate exist only because of this split: `view/conversation_slot.rs` and `view/panel_content.rs` on the
//! side of the first module, `js_api/conversation.rs` on the side of the conversation part.

/// A module could not be loaded: the network failed, or a file of the site is missing. A later call tries again.
#[derive(Debug)]
pub(crate) struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Declares an async function that loads the module `$module` before its body runs there. Several functions may name the
/// same module.
macro_rules! lazy_module {
    ($module:ident: $visible:vis fn $name:ident($($argument:ident: $kind:ty),* $(,)?) -> $result:ty $body:block) => {
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($module, fallible)]
        $visible fn $name($($argument: $kind),*) -> Result<$result, $crate::lazy_module::NotLoaded> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $visible async fn $name($($argument: $kind),*) -> Result<$result, $crate::lazy_module::NotLoaded> {
            Ok($body)
        }
    };
}

pub(crate) use lazy_module;
