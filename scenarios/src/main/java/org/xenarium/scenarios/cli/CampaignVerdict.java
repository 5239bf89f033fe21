package org.xenarium.scenarios.cli;

import org.xenarium.scenarios.campaign.CampaignOptions;
import org.xenarium.scenarios.campaign.CampaignState;

/** What a campaign says at its end. */
enum CampaignVerdict {
  VIOLATED(ExitStatus.DIFFERENCE),
  HELD(ExitStatus.OK),
  NOTHING_TO_HOLD(ExitStatus.OK),
  UNDECIDED(ExitStatus.UNDECIDED);

  private final int status;

  CampaignVerdict(int status) {
    this.status = status;
  }

  /**
   * The verdict on a campaign.
   *
   * @param enough whether so many runs were played that something can be said where nothing is violated
   */
  static CampaignVerdict of(CampaignOptions options, CampaignState state, boolean enough) {
    if (!state.violations().isEmpty()) {
      return VIOLATED;
    }
    return !enough ? UNDECIDED : options.properties().isEmpty() ? NOTHING_TO_HOLD : HELD;
  }

  /** The status to exit with. */
  int status() {
    return status;
  }

  /** The verdict with how much it rests on. */
  String sentence(long runs) {
    String count = runs + (runs == 1 ? " run" : " runs");
    return switch (this) {
      case VIOLATED -> "violated; " + count + (runs == 1 ? " was made" : " were made");
      case HELD -> "held in " + count;
      case NOTHING_TO_HOLD -> "nothing was to hold in " + count;
      case UNDECIDED -> "undecided after " + count;
    };
  }
}
