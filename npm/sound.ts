// Plays the sound that announces a new message: two soft notes. They are synthesized, so that no sound file is needed. This
// script is loaded when the sound is first played.

/** The page's connection to the loudspeaker. The first call of `playChime` creates it. */
let context: AudioContext | undefined;

/** The gain (volume) at the beginning of a note, where 1 is full volume. */
const PEAK_GAIN = 0.08;

/** The notes: the frequency in Hz, and the time from the start of the sound to the start of the note, in s. */
const NOTES = [
  { frequency: 659.26, delay: 0 },
  { frequency: 880, delay: 0.12 },
];

/** The time from the start of a note until it has faded, in s. */
const NOTE_SECONDS = 0.4;

/** Plays the sound. Browsers allow it only after the visitor has clicked or typed on the page. */
export function playChime(): void {
  context ??= new AudioContext();
  // The browser may have suspended the context, for example because it was silent for a while.
  void context.resume();
  for (const { frequency, delay } of NOTES) {
    const start = context.currentTime + delay;
    const note = new OscillatorNode(context, { type: "sine", frequency });
    const volume = new GainNode(context, { gain: 0 });
    // The volume rises in 20 ms, because a sudden start would click. An exponential ramp cannot reach 0, so it ends just above 0.
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(PEAK_GAIN, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_SECONDS);
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + NOTE_SECONDS);
  }
}
