// Shows the number of unread messages before the page's title. Loaded when there is a first unread message.
//
// The page may change its title at any time; the number is then put before the new title.

/** The number before the title. Its space is one that pages do not use, so that no number of the page's own matches. */
const OUR_PREFIX = /^\(\d+\)\u2002/;

let count = 0;

/** Runs when the page changes the text of its title, or replaces the title's element. */
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
