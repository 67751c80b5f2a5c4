// Converts the attributes of the element <pipit-chat> and of the script tag to options. A parameter in the script's address is treated
// as an attribute of the tag.

/** Returns the name of the option that an attribute sets: `session-endpoint` sets `sessionEndpoint`. */
export const optionNameOf = (attribute: string): string => attribute.replace(/-./g, (match) => match[1]!.toUpperCase());

/** Converts attributes, given by their names and values, to options. `validateOptions` later ignores the names that are no options. */
export const toOptions = (attributes: [name: string, value: string][]): Record<string, string> =>
  Object.fromEntries(attributes.map(([name, value]) => [optionNameOf(name), value]));
