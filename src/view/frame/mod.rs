//! What surrounds the messages: the panel with its header, menu and banners, and its place on the web page.

pub(crate) mod avatar;
pub(crate) mod banner;
pub(crate) mod end_question;
pub(crate) mod focus;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod menu;
pub(crate) mod panel;
pub(crate) mod screen;
pub(crate) mod slot;
pub(crate) mod style_sheet;
pub(crate) mod widget;
