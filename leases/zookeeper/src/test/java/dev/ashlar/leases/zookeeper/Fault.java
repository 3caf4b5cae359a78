package dev.ashlar.leases.zookeeper;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;

/** What can happen to a server in a container without its knowing. */
enum Fault {
  /** The process stands still, and goes on later: what it was asked meanwhile is done late. */
  PAUSE {
    @Override
    void begin(Site site) {
      site.docker().pauseContainerCmd(site.container()).exec();
    }

    @Override
    void end(Site site) {
      site.docker().unpauseContainerCmd(site.container()).exec();
    }
  },
  /** The process dies between two instructions, and is started again on its files. */
  KILL {
    @Override
    void begin(Site site) {
      site.docker().killContainerCmd(site.container()).exec();
    }

    @Override
    void end(Site site) {
      site.docker().startContainerCmd(site.container()).exec();
    }
  },
  /** The process is well, and nobody in one network reaches it; its answers reach nobody there. */
  CUT {
    @Override
    void begin(Site site) {
      site.docker()
          .disconnectFromNetworkCmd()
          .withNetworkId(site.network())
          .withContainerId(site.container())
          .exec();
    }

    @Override
    void end(Site site) {
      site.connect();
    }
  };

  abstract void begin(Site site);

  abstract void end(Site site);

  /**
   * Where it happens.
   *
   * @param network that the container may be cut off from
   * @param alias what the container is called there
   */
  record Site(DockerClient docker, String container, String network, String alias) {

    void connect() {
      docker
          .connectToNetworkCmd()
          .withNetworkId(network)
          .withContainerId(container)
          .withContainerNetwork(new ContainerNetwork().withAliases(alias))
          .exec();
    }
  }
}
