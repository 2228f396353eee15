interface Entry {
  readonly time: number;
  readonly id: string;
}

/** Which lift is to be ticked next. A binary heap in which a lift's former entries are passed over when they come up. */
export class Deadlines {
  readonly #heap: Entry[] = [];
  readonly #valid = new Map<string, number>();

  set(id: string, time: number | undefined): void {
    if (this.#valid.get(id) === time) return;
    if (time === undefined) {
      this.#valid.delete(id);
      return;
    }
    this.#valid.set(id, time);
    this.#heap.push({ time, id });
    this.#rise(this.#heap.length - 1);
    // Lifts whose deadline is put off with every message must not fill the heap.
    if (this.#heap.length > 64 + 4 * this.#valid.size) this.#rebuild();
  }

  /** The earliest time that anything is due; undefined when nothing is. */
  next(): number | undefined {
    this.#skip();
    return this.#heap[0]?.time;
  }

  /** Takes out what is due, earliest first. */
  takeDue(now: number): string[] {
    const due: string[] = [];
    for (let time = this.next(); time !== undefined && time <= now; time = this.next()) {
      const { id } = this.#pop();
      this.#valid.delete(id);
      due.push(id);
    }
    return due;
  }

  #skip(): void {
    while (this.#heap[0] && this.#valid.get(this.#heap[0].id) !== this.#heap[0].time) this.#pop();
  }

  #rebuild(): void {
    const entries = [...this.#valid].map(([id, time]) => ({ id, time }));
    this.#heap.splice(0, this.#heap.length, ...entries.sort((a, b) => a.time - b.time));
  }

  #pop(): Entry {
    const first = this.#heap[0] as Entry;
    const last = this.#heap.pop() as Entry;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(index: number): void {
    let child = index;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#at(parent).time <= this.#at(child).time) return;
      this.#swap(parent, child);
      child = parent;
    }
  }

  #sink(index: number): void {
    let parent = index;
    for (;;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const { length } = this.#heap;
      let least = parent;
      if (left < length && this.#at(left).time < this.#at(least).time) least = left;
      if (right < length && this.#at(right).time < this.#at(least).time) least = right;
      if (least === parent) return;
      this.#swap(least, parent);
      parent = least;
    }
  }

  #at(index: number): Entry {
    return this.#heap[index] as Entry;
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#at(b), this.#at(a)];
  }
}
