package underpin.advisory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads one section forward; every step is checked, so damage ends in an exception, never more. */
final class Cursor {
  private final MemorySegment section;
  private final String file;
  private final String place;
  private long position;
  private final long end;

  Cursor(MemorySegment section, long start, long end, String file, String place) {
    if (start < 0 || end < start || end > section.byteSize()) {
      throw new IndexCorruptedException(file, place, "a record lies outside of its section");
    }
    this.section = section;
    this.position = start;
    this.end = end;
    this.file = file;
    this.place = place;
  }

  /** {@return an unsigned number, seven bits to the byte, the lowest first} */
  int number() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      if (position >= end) {
        throw damaged("a record ends too early");
      }
      byte next = section.get(ValueLayout.JAVA_BYTE, position++);
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        if (value < 0) {
          break;
        }
        return value;
      }
    }
    throw damaged("a number is too large");
  }

  /** {@return a count of elements of at least one byte each} */
  int count() {
    int count = number();
    if (count > end - position) {
      throw damaged("a list is longer than its record");
    }
    return count;
  }

  IndexCorruptedException damaged(String wrong) {
    return new IndexCorruptedException(file, place, wrong);
  }
}
