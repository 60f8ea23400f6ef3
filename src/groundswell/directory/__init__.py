"""Decision makers, the offices they hold and whom they represent: Popolo's shape, with sources."""
