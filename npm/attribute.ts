// How attributes of the element <pipit-chat> are named after options.

/** Returns the name of the option that an attribute sets: `session-endpoint` sets `sessionEndpoint`. */
export const optionNameOf = (attribute: string): string => attribute.replace(/-./g, (match) => match[1]!.toUpperCase());
