//! Everything that the visitor sees, drawn with the framework Yew. `root` is the element into which Yew draws, and
//! `frame` has the panel itself. `before`, `during` and `after` have what the panel shows before, during and after a
//! conversation. `content` chooses among them, and makes a `PanelContent` for the panel; `panel_content` declares this
//! type. The folder `style` has the style sheets.
//! `conversation_slot` is the conversation's place in the panel, which stays empty until the WASM module with
//! everything about messages is loaded. `context` has what the functions of the view receive. `draw_schedule` decides when
//! a change is drawn. `host_request` sends what the visitor leaves for the host.
//!
//! Most of the view consists of plain functions that turn the state of a conversation into Yew nodes. Only parts that
//! use Yew's hooks (such as the panel, the scroll position and the composer) are components, because each component
//! type adds kilobytes to the WASM module.
//!
//! A browser that translates the web page replaces text nodes to which Yew still holds references. Therefore each text
//! that changes has its own element, and the widget's own labels are marked `translate="no"`.

pub(crate) mod after;
pub(crate) mod before;
pub(crate) mod content;
pub(crate) mod context;
pub(crate) mod conversation_slot;
pub(crate) mod draw_schedule;
pub(crate) mod during;
pub(crate) mod frame;
pub(crate) mod host_request;
pub(crate) mod panel_content;
pub(crate) mod root;
