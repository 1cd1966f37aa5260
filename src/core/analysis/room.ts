/** Hands out typed arrays, all of them zero at first, from one piece of memory. */
export interface Room {
  doubles(length: number): Float64Array;
  integers(length: number): Int32Array;
}

/**
 * Memory for so many arrays of so many numbers each. A typed array of more than a few numbers that is
 * made by itself is a separate allocation outside the heap: for short series that was a third of the
 * time of a comparison.
 */
export function room(arrays: number, length: number): Room {
  const size = 8 * length;
  const memory = new ArrayBuffer(arrays * size);
  let taken = 0;
  const place = (numbers: number): number => {
    const at = taken;
    taken += 8 * numbers;
    return at;
  };
  return {
    doubles: (numbers) => new Float64Array(memory, place(numbers), numbers),
    integers: (numbers) => new Int32Array(memory, place(numbers), numbers),
  };
}
