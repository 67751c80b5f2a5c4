//! Holds the cards after a conversation (`follow_up.rs`), whose code is loaded when they are first needed. This is no component,
//! because a component would add kilobytes to the conversation part.

use std::cell::RefCell;
use std::rc::Rc;

use pipit_wire::EngagementId;
use yew::Html;

use crate::locale::Texts;

/// The cards of the conversation that has ended last; empty before that.
#[derive(Default)]
pub(crate) struct LoadedCards(RefCell<Option<Cards>>);

struct Cards {
    engagement: EngagementId,
    /// The texts of the cards. Other texts need other cards.
    texts: Rc<Texts>,
    /// Empty until the code is loaded.
    html: Html,
}

impl LoadedCards {
    /// The cards of this conversation with these texts; `None` if nobody has asked for them yet. From then on, they count as
    /// asked for.
    pub(super) fn get_or_ask(&self, engagement: EngagementId, texts: &Rc<Texts>) -> Option<Html> {
        let mut place = self.0.borrow_mut();
        let known = place
            .as_ref()
            .filter(|known| known.is_of(engagement, texts));
        let cards = known.map(|known| known.html.clone());
        if cards.is_none() {
            *place = Some(Cards {
                engagement,
                texts: texts.clone(),
                html: Html::default(),
            });
        }
        cards
    }

    /// Stores the cards, unless others were asked for meanwhile.
    pub(super) fn fill(&self, engagement: EngagementId, texts: &Rc<Texts>, cards: Html) {
        let mut place = self.0.borrow_mut();
        if let Some(known) = place
            .as_mut()
            .filter(|known| known.is_of(engagement, texts))
        {
            known.html = cards;
        }
    }

    /// Drops the cards, which hold the context that holds them.
    pub(crate) fn clear(&self) {
        drop(self.0.take());
    }
}

impl Cards {
    fn is_of(&self, engagement: EngagementId, texts: &Rc<Texts>) -> bool {
        self.engagement == engagement && Rc::ptr_eq(&self.texts, texts)
    }
}
