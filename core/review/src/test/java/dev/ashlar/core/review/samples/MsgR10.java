package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import java.util.List;
import java.util.concurrent.Executor;

/** Commits by hand. */
final class MsgR10 {

  private MsgR10() {}

  @Finds(1)
  record Wrong(Executor pool, OwnedPartition owned) {

    CommitResult handle(List<LogRecord> records, Deadline deadline) throws InterruptedException {
      // [readme:by-hand]
      records.forEach(each -> pool.execute(() -> handle(each)));
      LogRecord last = records.get(records.size() - 1);
      return owned.commit(last.position(), deadline); // Others may be running, or have failed.
      // [/readme]
    }

    void handle(LogRecord each) {
      each.message();
    }
  }

  @Finds(0)
  record Right(GroupMember member, Handler handler, LogConsumerOptions options) {

    LogConsumer start() {
      // [readme:tracked]
      return LogConsumer.start(member, handler, options);
      // [/readme]
    }
  }
}
