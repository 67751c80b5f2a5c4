//! Case 8: a copied tab.
