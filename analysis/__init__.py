"""From a results folder to statistics, figures, words and a report. Nothing here simulates."""
