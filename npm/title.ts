// Shows the number of unread messages before the page's title. Loaded when there is a first unread message.
//
// The title stays the page's own: if the page changes it meanwhile, the number goes before the new title.

/** The number before the title. Its space is one that pages do not use, so that no number of the page's own matches. */
const OUR_PREFIX = /^\(\d+\)\u2002/;

let count = 0;

/** Sees both a new text in the title's element and a new element. */
const observer = new MutationObserver(updateTitle);

export function showUnreadCount(unread: number): void {
  count = unread;
  if (count > 0) {
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  } else {
    observer.disconnect();
  }
  updateTitle();
}

function updateTitle(): void {
  const pageTitle = document.title.replace(OUR_PREFIX, "");
  const title = count > 0 ? `(${count})\u2002${pageTitle}` : pageTitle;
  if (document.title !== title) {
    document.title = title;
  }
}
