package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientMessage;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * The broker of Artemis inside this process, its buffer's timer at 100 us. One at a time: blocking
 * durable sends and blocking acks of single messages; in batches: a transaction each, with sends
 * that do not block inside.
 */
final class ArtemisQueue implements DurableQueue {

  private static final String CONNECTOR = "vm://0";
  private static final SimpleString NAME = SimpleString.of("queue");
  private static final int TIMER_NANOS = 100_000;

  private final boolean inBatches;
  private final EmbeddedActiveMQ server = new EmbeddedActiveMQ();
  private final ServerLocator locator;

  ArtemisQueue(Path folder, boolean inBatches) throws Exception {
    this.inBatches = inBatches;
    server.setConfiguration(configuration(folder)).start();
    locator = ActiveMQClient.createServerLocator(CONNECTOR);
    locator.setBlockOnDurableSend(!inBatches).setBlockOnAcknowledge(!inBatches).setAckBatchSize(0);
    try (ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = factory.createSession()) {
      if (!session.queueQuery(NAME).isExists()) {
        session.createQueue(
            QueueConfiguration.of(NAME).setRoutingType(RoutingType.ANYCAST).setDurable(true));
      }
    }
  }

  private static Configuration configuration(Path folder) throws Exception {
    return new ConfigurationImpl()
        .setPersistenceEnabled(true)
        .setSecurityEnabled(false)
        .setJMXManagementEnabled(false)
        .setBindingsDirectory(folder.resolve("bindings").toString())
        .setJournalDirectory(folder.resolve("journal").toString())
        .setLargeMessagesDirectory(folder.resolve("large").toString())
        .setPagingDirectory(folder.resolve("paging").toString())
        .setJournalType(JournalType.NIO)
        .setJournalBufferTimeout_NIO(TIMER_NANOS)
        .setJournalDatasync(true)
        .setJournalSyncTransactional(true)
        .setJournalSyncNonTransactional(true)
        .addAcceptorConfiguration("in-vm", CONNECTOR);
  }

  /** With a connection of its own, so that threads do not wait for each other on one. */
  private ClientSession session(ClientSessionFactory factory) throws ActiveMQException {
    return factory.createSession(!inBatches, !inBatches);
  }

  @Override
  public Sender sender() throws Exception {
    ClientSessionFactory factory = locator.createSessionFactory();
    ClientSession session = session(factory);
    ClientProducer producer = session.createProducer(NAME);
    return new Sender() {
      @Override
      public void send(List<byte[]> records, Deadline deadline) throws ActiveMQException {
        for (byte[] record : records) {
          ClientMessage message = session.createMessage(true);
          message.getBodyBuffer().writeBytes(record);
          producer.send(message);
        }
        if (inBatches) {
          session.commit();
        }
      }

      @Override
      public void close() {
        factory.close();
      }
    };
  }

  @Override
  public Receiver receiver() throws Exception {
    ClientSessionFactory factory = locator.createSessionFactory();
    ClientSession session = session(factory);
    ClientConsumer consumer = session.createConsumer(NAME);
    session.start();
    return new Taking(factory, session, consumer);
  }

  @Override
  public void close() throws IOException {
    locator.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private final class Taking implements Receiver {

    private final ClientSessionFactory factory;
    private final ClientSession session;
    private final ClientConsumer consumer;
    private final List<ClientMessage> taken = new ArrayList<>();

    Taking(ClientSessionFactory factory, ClientSession session, ClientConsumer consumer) {
      this.factory = factory;
      this.session = session;
      this.consumer = consumer;
    }

    @Override
    public List<ByteBuffer> receive(int most, Deadline deadline) throws ActiveMQException {
      taken.clear();
      List<ByteBuffer> records = new ArrayList<>();
      ClientMessage message = consumer.receive(Math.max(1, deadline.remaining().toMillis()));
      while (message != null) {
        byte[] record = new byte[message.getBodyBuffer().readableBytes()];
        message.getBodyBuffer().readBytes(record);
        taken.add(message);
        records.add(ByteBuffer.wrap(record));
        message = records.size() < most ? consumer.receiveImmediate() : null;
      }
      return records;
    }

    @Override
    public void settle(Deadline deadline) throws ActiveMQException {
      for (ClientMessage message : taken) {
        message.individualAcknowledge();
      }
      if (inBatches) {
        session.commit();
      }
    }

    @Override
    public void close() {
      factory.close();
    }
  }
}
