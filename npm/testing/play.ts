// Plays a script in the page: asks the kit what is next, lets the visitor of the test do its part, and lets time pass.

import type { ScriptPlay } from "kit-glue";
import { realDelay } from "./page-clock";
import type { Visitor, VisitorDeed } from "./visitor";

/** The first step of the clock in a wait, in ms. Each further step is as long as the wait has been until then, so a long wait has few. */
const FIRST_STEP_MS = 250;

/**
 * How long a function of the visitor may take in real time before the script goes on without its result, in ms. It may have to load
 * something, which takes real time, or it may wait for an answer that arrives only when the script lets time pass.
 */
const DEED_LIMIT_MS = 1_000;

/** What a script needs of the sandbox in the page. */
export interface Stage {
  now(): number;
  settle(): Promise<void>;
  /** Moves the clocks to the next thing that is due, at most by `limit` ms. */
  step(limit: number): void;
  setOffline(isOffline: boolean): void;
}

/** Plays a script to its end. */
export async function playScript(play: ScriptPlay, visitor: Visitor, stage: Stage): Promise<void> {
  const stopWatching = visitor.watch?.((sight) => play.saw(sight));
  try {
    let isOver = false;
    // When the current wait began.
    let began = stage.now();
    while (!isOver) {
      await settle(play, stage);
      const turn = play.nextTurn();
      isOver = turn.done === true;
      if (turn.visitor) {
        await act(play, visitor, turn.visitor);
      } else if (turn.offline !== undefined) {
        stage.setOffline(turn.offline);
      } else if (turn.untilMs !== undefined && turn.untilMs > stage.now()) {
        const longest = Math.max(FIRST_STEP_MS, stage.now() - began);
        stage.step(Math.min(longest, turn.untilMs - stage.now()));
        continue;
      }
      began = stage.now();
    }
  } finally {
    stopWatching?.();
    stage.setOffline(false);
  }
}

/** Waits until neither the page nor the agents do anything more before time passes. */
async function settle(play: ScriptPlay, stage: Stage): Promise<void> {
  do {
    await stage.settle();
  } while (play.proceed());
}

/** Lets the visitor do what a row says. A failure after the limit is not noticed; the script then misses what should have happened. */
async function act(play: ScriptPlay, visitor: Visitor, deed: VisitorDeed): Promise<void> {
  for (const [word, members] of Object.entries(deed)) {
    const perform = visitor[word as keyof Visitor] as ((value?: unknown) => unknown) | undefined;
    if (perform === undefined) {
      throw new Error(play.failure(`The visitor of this test has no function ${JSON.stringify(word)}.`));
    }
    // Every word of the visitor has at most one member.
    const done = Promise.resolve(perform.call(visitor, ...Object.values(members)));
    done.catch(() => {});
    await Promise.race([done, realDelay(DEED_LIMIT_MS)]);
  }
}
