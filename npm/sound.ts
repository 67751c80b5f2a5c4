// A soft sound for a new message: two notes, made here, so that there is no file. Loaded when it is first heard.

let context: AudioContext | undefined;

/** How loud it is at most, of 1. */
const LOUDNESS = 0.08;

/** Each note in Hz, and when it begins, in s. */
const NOTES = [[659.26, 0], [880, 0.12]] as const;

/** How long a note fades, in s. */
const FADE = 0.4;

/** To be called only after the visitor has interacted with the page: before that a browser makes no sound. */
export function chime(): void {
  context ??= new AudioContext();
  // Browsers put one to sleep that was silent for long.
  void context.resume();
  for (const [pitch, later] of NOTES) {
    const begin = context.currentTime + later;
    const note = new OscillatorNode(context, { type: "sine", frequency: pitch });
    const loudness = new GainNode(context, { gain: 0 });
    loudness.gain.setValueAtTime(0, begin);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, begin + FADE);
    note.connect(loudness).connect(context.destination);
    note.start(begin);
    note.stop(begin + FADE);
  }
}
