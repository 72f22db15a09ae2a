package underpin.program.graph;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A map from numbers at or above zero, by open addressing: no object per entry. */
final class IntMap<V> {
  private int[] keys = new int[8];
  private @Nullable Object[] values = new Object[8];
  private int size;

  /** {@return the value; null also for a key that was put with null} */
  @SuppressWarnings("unchecked")
  @Nullable V get(int key) {
    return (V) values[slot(key)];
  }

  boolean contains(int key) {
    return keys[slot(key)] != 0;
  }

  void put(int key, @Nullable V value) {
    int slot = slot(key);
    values[slot] = value;
    if (keys[slot] == 0) {
      keys[slot] = key + 1;
      if (++size * 2 > keys.length) {
        grow();
      }
    }
  }

  boolean putIfAbsent(int key, V value) {
    if (contains(key)) {
      return false;
    }
    put(key, value);
    return true;
  }

  private int slot(int key) {
    int mask = keys.length - 1;
    int slot = (key * 0x9E3779B9 >>> 7) & mask;
    while (keys[slot] != 0 && keys[slot] != key + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    int[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new int[oldKeys.length * 2];
    values = new Object[oldKeys.length * 2];
    Arrays.fill(keys, 0);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i] - 1);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
