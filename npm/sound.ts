// Plays the sound of a new message: two soft notes, synthesized so that no sound file is needed. Loaded when it is first played.

let context: AudioContext | undefined;

/** The largest gain, of 1. */
const PEAK_GAIN = 0.08;

/** The notes: the frequency in Hz, and when each starts, in s. */
const NOTES = [
  { frequency: 659.26, delay: 0 },
  { frequency: 880, delay: 0.12 },
];

/** How long a note fades, in s. */
const FADE = 0.4;

/** Plays the sound. Browsers allow it only after the visitor has clicked or typed on the page. */
export function playChime(): void {
  context ??= new AudioContext();
  // Browsers suspend a context that was silent for a while.
  void context.resume();
  for (const { frequency, delay } of NOTES) {
    const start = context.currentTime + delay;
    const note = new OscillatorNode(context, { type: "sine", frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(PEAK_GAIN, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + FADE);
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + FADE);
  }
}
