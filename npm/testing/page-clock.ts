// The clock of a page under test. It runs as usual, and can be moved forward: then `Date.now()` and `performance.now()` jump, and the
// timers of the page fire that are due by then, in their order.

type Timer = { dueAt: number; run: () => void; period: number | undefined; real: ReturnType<typeof setTimeout> };

/** The functions of the page that the clock replaces, as they are before. */
const REAL = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  now: performance.now.bind(performance),
  dateNow: Date.now,
};

/**
 * By how much the page's clock is ahead of the real one, in ms. A later clock of the same page goes on from there: for the widget, time
 * never goes back, so it would stand still until the later clock has caught up.
 */
let ahead = 0;

/** Stops a real timer. Browsers demand that the function is called as one of the page. */
function stopReal(id: Timer["real"] | number | undefined): void {
  REAL.clearTimeout.call(globalThis, id as number | undefined);
}

/** Waits in real time, also while a `PageClock` is installed. */
export function realDelay(ms: number): Promise<void> {
  return new Promise((resolve) => REAL.setTimeout.call(globalThis, resolve, ms));
}

export class PageClock {
  /** The timers that have not fired, by the ids that the page has. */
  readonly #timers = new Map<number, Timer>();
  /** Far above the ids of the browser, so that none means two timers. */
  #lastId = 2 ** 40;
  #isInstalled = false;
  /** Stops timers of the time before this clock was installed, also those of an earlier clock. */
  #stopEarlier: (id?: number) => void = stopReal;
  readonly #clear = (id?: number) => this.#stop(id);

  /** The time that `Date.now()` shows while a clock is installed, in ms since 1970. */
  static dateNow(this: void): number {
    return Math.floor(REAL.dateNow() + ahead);
  }

  /** Replaces the page's functions for time. */
  install(): void {
    this.#isInstalled = true;
    const earlier = globalThis.clearTimeout;
    this.#stopEarlier = (id) => earlier.call(globalThis, id);
    Object.assign(globalThis, {
      setTimeout: (handler: unknown, delay?: number, ...values: unknown[]) => this.#start(handler, delay, values, false),
      setInterval: (handler: unknown, delay?: number, ...values: unknown[]) => this.#start(handler, delay, values, true),
      clearTimeout: this.#clear,
      clearInterval: this.#clear,
    });
    performance.now = () => this.#now();
    Date.now = PageClock.dateNow;
  }

  /**
   * Gives the page its own functions back. Timers that have not fired fire in real time. As long as there are some, the page can still
   * stop them: the WASM of the kit stops a timer whose function it has dropped, and calling that function would be an error.
   */
  uninstall(): void {
    const { setTimeout, setInterval } = REAL;
    Object.assign(globalThis, { setTimeout, setInterval });
    this.#isInstalled = false;
    this.#restoreClear();
    // Removes the own property, which hides the browser's function.
    Reflect.deleteProperty(performance, "now");
    Date.now = REAL.dateNow;
    for (const { real } of this.#timers.values()) {
      // In Node.js, the process does not wait for these timers.
      (real as { unref?: () => void }).unref?.();
    }
  }

  /** The time until the next timer fires, in ms; infinity if there is none. */
  untilNextTimer(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#timers.values()].map((timer) => timer.dueAt - this.#now()));
  }

  /** Moves the clock forward, and fires the timers that are due by then. The others follow with `rearm`. */
  skip(ms: number): void {
    ahead += ms;
    const due = [...this.#timers].filter(([, timer]) => timer.dueAt <= this.#now());
    due.sort(([, left], [, right]) => left.dueAt - right.dueAt);
    for (const [id, timer] of due) {
      // An earlier timer may have stopped this one.
      if (this.#timers.get(id) === timer) {
        stopReal(timer.real);
        this.#fire(id, timer);
      }
    }
  }

  /** Lets the timers that have not fired fire at their times in real time. To be called after the last `skip`. */
  rearm(): void {
    for (const [id, timer] of this.#timers) {
      stopReal(timer.real);
      timer.real = this.#wait(id, timer);
    }
  }

  #now(): number {
    return REAL.now() + ahead;
  }

  #start(handler: unknown, delay = 0, values: unknown[], isRepeated: boolean): number {
    const id = ++this.#lastId;
    const wait = Math.max(0, Number(delay) || 0);
    const run = () => {
      if (typeof handler === "function") {
        Reflect.apply(handler, globalThis, values);
      }
    };
    const timer: Timer = { dueAt: this.#now() + wait, run, period: isRepeated ? Math.max(1, wait) : undefined, real: 0 as unknown as Timer["real"] };
    timer.real = this.#wait(id, timer);
    this.#timers.set(id, timer);
    return id;
  }

  #wait(id: number, timer: Timer): Timer["real"] {
    return REAL.setTimeout.call(globalThis, () => this.#fire(id, timer), timer.dueAt - this.#now()) as Timer["real"];
  }

  #fire(id: number, timer: Timer): void {
    if (timer.period === undefined) {
      this.#timers.delete(id);
      this.#restoreClear();
    } else {
      timer.dueAt += timer.period;
      timer.real = this.#wait(id, timer);
    }
    timer.run();
  }

  #stop(id: number | undefined): void {
    const timer = this.#timers.get(Number(id));
    if (timer) {
      this.#timers.delete(Number(id));
      stopReal(timer.real);
      this.#restoreClear();
    } else {
      this.#stopEarlier(id);
    }
  }

  /** Gives the page its functions to stop timers back, when this clock has no timers any more and no later clock runs. */
  #restoreClear(): void {
    if (!this.#isInstalled && this.#timers.size === 0 && globalThis.clearTimeout === (this.#clear as unknown)) {
      const { clearTimeout, clearInterval } = REAL;
      Object.assign(globalThis, { clearTimeout, clearInterval });
    }
  }
}
