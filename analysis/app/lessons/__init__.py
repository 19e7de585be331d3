"""Lessons: one file each, in the order in which the page names them. None knows the page."""

from analysis.app.lessons import (
    backlog_and_shortage,
    distance,
    downtime,
    easy_work,
    full_diaries,
    mobile_once_a_week,
    most_urgent_first,
    one_list_for_all,
    one_run,
    slow_decisions,
)
from analysis.app.lessons.lesson import Lesson

LESSONS: dict[str, Lesson] = {
    module.LESSON.name: module.LESSON
    for module in (
        full_diaries,
        downtime,
        backlog_and_shortage,
        most_urgent_first,
        one_list_for_all,
        mobile_once_a_week,
        easy_work,
        slow_decisions,
        distance,
        one_run,
    )
}
