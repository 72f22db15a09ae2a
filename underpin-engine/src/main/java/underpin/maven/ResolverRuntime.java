package underpin.maven;

import eu.maveniverse.maven.mima.context.Lookup;
import eu.maveniverse.maven.mima.runtime.shared.PreBoot;
import eu.maveniverse.maven.mima.runtime.standalonestatic.MemoizingRepositorySystemSupplierLookup;
import eu.maveniverse.maven.mima.runtime.standalonestatic.StandaloneStaticRuntime;
import java.util.List;
import org.apache.maven.model.Profile;
import org.apache.maven.model.building.DefaultModelBuilderFactory;
import org.apache.maven.model.building.ModelBuilder;
import org.apache.maven.model.interpolation.ModelInterpolator;
import org.apache.maven.model.io.ModelReader;
import org.apache.maven.repository.internal.ModelCacheFactory;
import org.apache.maven.settings.Settings;
import org.eclipse.aether.impl.ArtifactDescriptorReader;
import org.eclipse.aether.impl.ArtifactResolver;
import org.eclipse.aether.impl.OfflineController;
import org.eclipse.aether.impl.RemoteRepositoryManager;
import org.eclipse.aether.impl.RepositoryEventDispatcher;
import org.eclipse.aether.impl.UpdatePolicyAnalyzer;
import org.eclipse.aether.impl.VersionRangeResolver;
import org.eclipse.aether.impl.VersionResolver;
import org.eclipse.aether.spi.connector.checksum.ChecksumPolicyProvider;

/** Maven's components as MIMA wires them, with our memory, our patience and our caution put in. */
final class ResolverRuntime extends StandaloneStaticRuntime {
  private final Reachability reachability;
  private final RepositoryTrust trust;

  ResolverRuntime(Reachability reachability, RepositoryTrust trust) {
    this.reachability = reachability;
    this.trust = trust;
  }

  @Override
  protected Lookup createRepositorySystemLookup(PreBoot preBoot) {
    return new Components(reachability, trust);
  }

  /** {@return the profiles of settings.xml as the model builder takes them} */
  static List<Profile> profiles(Settings settings) {
    return settings.getProfiles().stream()
        .map(profile -> convertFromSettingsProfile(profile))
        .toList();
  }

  private static final class Components extends MemoizingRepositorySystemSupplierLookup {
    private final Reachability reachability;
    private final RepositoryTrust trust;

    Components(Reachability reachability, RepositoryTrust trust) {
      // Before super(): its constructor builds every component, through the methods below.
      this.reachability = reachability;
      this.trust = trust;
      super();
    }

    @Override
    protected RemoteRepositoryManager getRemoteRepositoryManager(
        UpdatePolicyAnalyzer updates, ChecksumPolicyProvider checksums) {
      return memoize(
          RemoteRepositoryManager.class,
          trust.manager(super.getRemoteRepositoryManager(updates, checksums)));
    }

    @Override
    protected OfflineController getOfflineController() {
      return memoize(OfflineController.class, reachability);
    }

    @Override
    protected ModelBuilder getModelBuilder() {
      ModelBuilder builder =
          new DefaultModelBuilderFactory() {
            @Override
            protected ModelReader newModelReader() {
              return new RepositoryPoms();
            }

            @Override
            protected ModelInterpolator newModelInterpolator() {
              return new EnvironmentGuard(super.newModelInterpolator());
            }
          }.newInstance();
      return memoize(ModelBuilder.class, builder);
    }

    @Override
    protected ArtifactDescriptorReader getArtifactDescriptorReader(
        RemoteRepositoryManager remoteRepositoryManager,
        VersionResolver versionResolver,
        VersionRangeResolver versionRangeResolver,
        ArtifactResolver artifactResolver,
        ModelBuilder modelBuilder,
        RepositoryEventDispatcher repositoryEventDispatcher,
        ModelCacheFactory modelCacheFactory) {
      return memoize(
          ArtifactDescriptorReader.class,
          new Descriptors(
              super.getArtifactDescriptorReader(
                  remoteRepositoryManager,
                  versionResolver,
                  versionRangeResolver,
                  artifactResolver,
                  modelBuilder,
                  repositoryEventDispatcher,
                  modelCacheFactory)));
    }
  }
}
