//! What the host decides about the panel, as plain values. These modules import nothing else of this crate but
//! `js_object`.

pub(crate) mod hooks;
pub(crate) mod mode;
