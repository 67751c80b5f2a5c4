//! Property tests: a list behaves as a `Vec` under random changes, shares what it did not change, and finds the
//! differences between any two of its versions.

#![allow(clippy::expect_used, reason = "a test that cannot continue panics")]

use std::rc::Rc;

use proptest::prelude::*;

use super::{ChunkedList, Listed, MAX_MEMBERS};

/// A number, and whether it was changed.
#[derive(Clone, Debug, PartialEq)]
struct Item(u32, bool);

/// The sum of the numbers, and the last number.
impl Listed for Item {
    type Summary = (u64, Option<u32>);

    fn summary(&self) -> Self::Summary {
        (self.0.into(), Some(self.0))
    }

    fn extend(summary: &mut Self::Summary, following: &Self::Summary) {
        summary.0 += following.0;
        summary.1 = following.1.or(summary.1);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    InsertBefore(prop::sample::Index),
    Remove(prop::sample::Index, usize),
    Change(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1_usize..120).prop_map(Step::Push),
        4 => any::<prop::sample::Index>().prop_map(Step::InsertBefore),
        2 => (any::<prop::sample::Index>(), 1_usize..80).prop_map(|(index, count)| Step::Remove(index, count)),
        2 => any::<prop::sample::Index>().prop_map(Step::Change),
    ]
}

/// Applies a step to a list and to a `Vec` that has the same items. `next` is the number of the next new item.
fn apply(step: &Step, list: &mut ChunkedList<Item>, items: &mut Vec<Rc<Item>>, next: &mut u32) {
    let mut new_item = || {
        *next += 1;
        Rc::new(Item(*next, false))
    };
    let place_of = |list: &ChunkedList<Item>, item: &Rc<Item>| {
        list.place(&|_| true, &|other| *other == **item)
            .expect("the list has the item")
    };
    match step {
        Step::Push(count) => {
            for _ in 0..*count {
                let item = new_item();
                list.push(item.clone());
                items.push(item);
            }
        }
        Step::InsertBefore(index) if !items.is_empty() => {
            let index = index.index(items.len());
            let item = new_item();
            list.insert_before(place_of(list, &items[index]), item.clone());
            items.insert(index, item);
        }
        Step::Remove(index, count) if !items.is_empty() => {
            let index = index.index(items.len());
            for _ in 0..(*count).min(items.len() - index) {
                let item = items.remove(index);
                list.remove(place_of(list, &item));
            }
        }
        Step::Change(index) if !items.is_empty() => {
            let index = index.index(items.len());
            let old = items[index].clone();
            list.change(place_of(list, &old), &|item| item.1 = !item.1);
            items[index] = Rc::new(Item(old.0, !old.1));
        }
        Step::InsertBefore(_) | Step::Remove(..) | Step::Change(_) => {}
    }
}

/// Asserts the rules of the structure.
fn assert_structure(list: &ChunkedList<Item>) {
    let summary_of = |items: &mut dyn Iterator<Item = &Rc<Item>>| {
        let mut whole = (0, None);
        items.for_each(|item| Item::extend(&mut whole, &item.summary()));
        whole
    };
    assert_eq!(*list.summary(), summary_of(&mut list.iter()));
    for block in list.blocks() {
        assert!((1..=MAX_MEMBERS).contains(&block.members().len()));
        let mut items = block.members().iter().flat_map(|chunk| chunk.members());
        assert_eq!(*block.summary(), summary_of(&mut items));
        for chunk in block.members() {
            assert!((1..=MAX_MEMBERS).contains(&chunk.members().len()));
            assert_eq!(*chunk.summary(), summary_of(&mut chunk.members().iter()));
        }
    }
}

/// Applies the differences to the earlier items, by which the later items must result.
fn assert_differences(earlier: &ChunkedList<Item>, later: &ChunkedList<Item>) {
    let (old, new) = later.differences(earlier);
    let has = |items: &[&Rc<Item>], item: &Rc<Item>| items.iter().any(|it| Rc::ptr_eq(it, item));
    let kept: Vec<_> = earlier.iter().filter(|item| !has(&old, item)).collect();
    let still_there: Vec<_> = later.iter().filter(|item| !has(&new, item)).collect();
    assert_eq!(kept, still_there, "what is in neither is in both lists");
}

proptest! {
    #[test]
    fn a_list_behaves_as_a_vec(steps in prop::collection::vec(step(), 1..40)) {
        let mut list = ChunkedList::default();
        let mut items = Vec::new();
        let mut next = 0;
        let mut versions = Vec::new();
        for step in &steps {
            versions.push((list.clone(), items.clone()));
            apply(step, &mut list, &mut items, &mut next);
            assert_structure(&list);
            prop_assert!(list.iter().eq(&items));
            prop_assert!(list.iter().rev().eq(items.iter().rev()));
            let (mut iter, mut expected) = (list.iter(), items.iter());
            for is_front in [true, false, true, true, false].into_iter().cycle().take(items.len() + 2) {
                let next = if is_front { iter.next() } else { iter.next_back() };
                prop_assert_eq!(next, if is_front { expected.next() } else { expected.next_back() });
            }
            prop_assert_eq!((list.first(), list.last()), (items.first(), items.last()));
            prop_assert_eq!((list.len(), list.is_empty()), (items.len(), items.is_empty()));
            prop_assert_eq!(&list, &items.iter().cloned().collect());
        }
        for (version, items_then) in &versions {
            prop_assert!(version.iter().eq(items_then), "an earlier version does not change");
            prop_assert_eq!(*version == list, *items_then == items);
            assert_differences(version, &list);
        }
    }
}

#[test]
fn one_more_item_leaves_all_other_chunks_as_they_are() {
    for count in [1_u32, 31, 32, 33, 1_023, 1_024, 1_025, 5_000] {
        let earlier: ChunkedList<Item> = (0..count).map(|it| Rc::new(Item(it, false))).collect();
        let mut later = earlier.clone();
        later.push(Rc::new(Item(count, false)));
        let (old, new) = later.differences(&earlier);
        assert_eq!((old.len(), new.len()), (0, 1));
        let chunks = |list: &ChunkedList<Item>| -> Vec<_> {
            let chunks = list.blocks().iter().flat_map(|block| block.members());
            chunks.cloned().collect()
        };
        let shared = chunks(&earlier)
            .iter()
            .zip(chunks(&later))
            .filter(|(one, other)| Rc::ptr_eq(one, other))
            .count();
        assert!(shared + 1 >= chunks(&earlier).len(), "{count}");
    }
}

#[test]
fn two_changes_far_from_each_other_do_not_return_what_is_between() {
    let earlier: ChunkedList<Item> = (0..3_000).map(|it| Rc::new(Item(it, false))).collect();
    let mut later = earlier.clone();
    for changed in [5, 2_900] {
        let place = later.place(&|_| true, &|item| item.0 == changed);
        later.change(place.expect("it is there"), &|item| item.1 = true);
    }
    let (old, new) = later.differences(&earlier);
    assert!(old.len() <= 2 * MAX_MEMBERS && old.len() == new.len());
}
