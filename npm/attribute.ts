/** The option that an attribute names: `session-endpoint` is `sessionEndpoint`. */
export const optionOf = (attribute: string): string => attribute.replace(/-./g, (part) => part[1]!.toUpperCase());
