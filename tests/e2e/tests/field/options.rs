//! Cases 6, 13, 18, 19 and 21: how options reach the widget, and links that open the chat.
