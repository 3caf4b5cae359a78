package dev.ashlar.messaging.disk;

/**
 * The part of an event's record that leads to others.
 *
 * @param number of the record in the journal
 * @param position of the event in its stream
 * @param stream its name
 * @param streamKey the key of the name
 * @param idKey the key of the event's id
 * @param positions leads to the earlier events of the stream, by position
 * @param ids leads to the earlier events of the stream, by the key of their id
 * @param root what leads to all other streams, if the event is the last of its append
 */
record StoreNode(
    long number,
    long position,
    String stream,
    StoreKey streamKey,
    StoreKey idKey,
    StorePath positions,
    StorePath ids,
    Root root) {

  /**
   * What the last event of an append knows of the whole store.
   *
   * @param isRoot whether it is one
   * @param stored how many events the store has with it
   * @param streams leads to the latest event of every other stream, by the key of its name
   */
  record Root(boolean isRoot, long stored, StorePath streams) {

    static final Root NOT = new Root(false, 0, StorePath.EMPTY);
  }

  StoreNode withRoot(Root changed) {
    return new StoreNode(number, position, stream, streamKey, idKey, positions, ids, changed);
  }
}
