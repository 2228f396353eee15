const [INSIDE, SHUT] = [0, 1];
const PATIENCE_MS = 5000;

/**
 * Keeps a thread from being stopped while it is inside onnxruntime: native code that comes back to a stopped thread
 * ends the whole process ("terminate called after throwing an instance of 'Napi::Error'"). The thread says when it is
 * inside; whoever is about to stop it shuts the gate and waits until it is out.
 */
export class NativeGate {
  readonly #state: Int32Array;

  /** @param state shared by both sides; left out: a new gate */
  constructor(state: Int32Array = new Int32Array(new SharedArrayBuffer(8))) {
    this.#state = state;
  }

  /** To be given to the other side. */
  get state(): Int32Array {
    return this.#state;
  }

  /** Runs `native`, unless the gate has been shut: then the promise never settles, for the thread is to end. */
  async pass<T>(native: () => Promise<T>): Promise<T> {
    Atomics.store(this.#state, INSIDE as number, 1);
    if (Atomics.load(this.#state, SHUT as number) === 1) {
      this.#leave();
      return new Promise<T>(() => {});
    }
    try {
      return await native();
    } finally {
      this.#leave();
    }
  }

  /** Lets nobody in any more and blocks until nobody is inside, or for some seconds at most. */
  shut(): void {
    Atomics.store(this.#state, SHUT as number, 1);
    Atomics.wait(this.#state, INSIDE as number, 1, PATIENCE_MS);
  }

  #leave(): void {
    Atomics.store(this.#state, INSIDE as number, 0);
    Atomics.notify(this.#state, INSIDE as number);
  }
}
