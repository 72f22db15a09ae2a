package underpin.cli;

/** The commands themselves, by the campaign. */
final class CampaignCommands implements Commands {
  @Override
  public ExitCode scan(Scan request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode fix(Fix request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode verify(Verify request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode showAdvisories(ShowAdvisories request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode updateAdvisories(UpdateAdvisories request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode importAdvisories(ImportAdvisories request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }

  @Override
  public ExitCode showKey(ShowKey request, Streams streams) {
    throw new IllegalStateException("skeleton");
  }
}
