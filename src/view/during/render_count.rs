//! Counts the renders of the transcript's rows and chunks (groups of rows that are rendered together), so that a
//! test can check how many renders a new message causes. A release build counts nothing.

#[cfg(debug_assertions)]
thread_local! {
    /// The number of renders since the page was loaded.
    static RENDERS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Counts one render of a row or chunk.
pub(crate) fn add_one() {
    #[cfg(debug_assertions)]
    RENDERS.set(RENDERS.get() + 1);
}

/// The number of renders since the page was loaded.
#[cfg(debug_assertions)]
pub(crate) fn total() -> u32 {
    RENDERS.get()
}
