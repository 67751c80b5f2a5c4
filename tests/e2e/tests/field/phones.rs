//! Cases 12 and 15: phones and their keyboards.
