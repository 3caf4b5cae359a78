package dev.ashlar.resilience.testkit;

import dev.ashlar.core.testkit.Subject;

@Subject("pipeline")
class PipelineTest extends PipelineContract {

  @Override
  protected TestedPipeline open(TestedPipeline.Setting setting) {
    return TestedPipeline.of(setting.pipeline());
  }
}
