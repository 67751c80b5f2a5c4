// Reads durations as tests write them.

/** The units of a duration, in ms. */
const UNITS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 };

/** A number of ms, or a text such as `"500ms"`, `"35s"`, `"2min"` or `"1h"`. */
export type Duration = number | `${number}${keyof typeof UNITS}`;

/**
 * Returns a duration in ms.
 *
 * @throws RangeError if it is negative, or something else than a duration.
 */
export function milliseconds(duration: Duration): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)$/.exec(typeof duration === "number" ? `${duration}ms` : duration) ?? [];
  if (number === undefined) {
    throw new RangeError(`${JSON.stringify(duration)} is no duration. Write a number of ms, or a text such as "500ms", "35s", "2min" or "1h".`);
  }
  return Number(number) * UNITS[unit as keyof typeof UNITS];
}
