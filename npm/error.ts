// What goes wrong, with a code that a program can ask for.

/** Every error of the API is one of these. docs/embed.md says what each code means. */
export class PipitError extends Error {
  readonly code: string;

  constructor(code: string, message: string, more?: ErrorOptions) {
    super(`Pipit: ${message}`, more);
    this.code = code;
  }
}
