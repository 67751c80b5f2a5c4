// The number of unread messages before the page's title. Loaded when there is a first one.
//
// The title stays the page's: what the page makes of it meanwhile is kept, with the number before it.

/** Before the title; with a blank that pages do not use, so that a number of their own is not taken for ours. */
const OWN = /^\(\d+\)\u2002/;

let count = 0;

/** The page may change the text of its title, or put another title in its place. */
const observer = new MutationObserver(write);

export function titleCount(unread: number): void {
  count = unread;
  if (count > 0) {
    observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  } else {
    observer.disconnect();
  }
  write();
}

function write(): void {
  const bare = document.title.replace(OWN, "");
  const title = count > 0 ? `(${count})\u2002${bare}` : bare;
  if (document.title !== title) {
    document.title = title;
  }
}
