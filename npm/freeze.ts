// Freezes the objects that are passed to the event listeners of the host (the web team's code on the page).

/** Freezes an object and all objects in it, and returns the object. No listener can then change what the next listener gets. */
export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (member instanceof Object) {
      deepFreeze(member);
    }
  }
  return Object.freeze(value);
}
