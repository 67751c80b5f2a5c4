/** Freezes an object and everything in it, so that no listener can change it for the next one. */
export function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) {
    if (member instanceof Object) {
      deepFreeze(member);
    }
  }
  return Object.freeze(value);
}
