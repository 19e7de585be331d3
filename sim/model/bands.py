def tail_weeks(bands):
    return 4.0
