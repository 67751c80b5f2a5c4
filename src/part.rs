//! Parts of the widget that are loaded when they are first used.

/// A part did not come: the network failed, or the site's files are not complete. It can be asked for again.
#[derive(Debug)]
pub(crate) struct NotLoaded;

/// The same, for the page.
pub(crate) const NOT_LOADED: &str = "E_NOT_LOADED: a part of the widget could not be loaded.";

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Declares the functions by which a part is entered: they load it first. All that only they reach is in
/// the part's own module. Without the feature `split`, as in tests, there is one module and nothing to wait for.
macro_rules! part {
    ($part:ident: $visible:vis fn $name:ident($($argument:ident: $kind:ty),* $(,)?) -> $result:ty $body:block) => {
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($part, fallible)]
        $visible fn $name($($argument: $kind),*) -> Result<$result, $crate::part::NotLoaded> {
            Ok($body)
        }

        #[cfg(not(feature = "split"))]
        $visible async fn $name($($argument: $kind),*) -> Result<$result, $crate::part::NotLoaded> {
            Ok($body)
        }
    };
}

pub(crate) use part;
