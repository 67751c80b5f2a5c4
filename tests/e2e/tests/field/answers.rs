//! Case 3: answers that do not come from the chat API.
