//! Cases 9, 16, 17, 20 and 22: where the widget stands on the screen and on paper.
