// Freezes the objects that are passed to the host's event listeners.

/** Freezes an object and the objects in it, and returns it. No listener can then change it for the listeners after it. */
export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (member instanceof Object) {
      deepFreeze(member);
    }
  }
  return Object.freeze(value);
}
