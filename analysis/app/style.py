"""What the page adds to Streamlit's own look: wide pictures scroll, tables have lines, text has contrast."""

STYLE = """<style>
.stMainBlockContainer {padding-top: 3.5rem; padding-bottom: 2rem}
h1 {font-size: 2rem !important; padding-bottom: 0 !important}
h2 {font-size: 1.4rem !important}
.picture {margin: 0 0 1rem 0}
.scroll {overflow-x: auto; max-width: 100%}
.scroll:focus-visible {outline: 3px solid #0b5394}
.picture img {width: 100%; min-width: calc(4.2rem * var(--inches)); max-width: min(62rem, calc(8rem * var(--inches))); height: auto}
.picture > img, .slim img {min-width: 0}
.slim {display: none}
.stMain .stSlider, .stMain .stSelectbox, .stMain .stExpander, .stMain .stForm {max-width: 62rem}
figcaption, .note, .progress {color: #333; font-size: 0.95rem; max-width: 62rem}
.answer {max-width: 62rem; min-height: 3.6rem}
.answer p {margin-bottom: 0.3rem}
.answer p:first-of-type {font-size: 1.15rem; font-weight: 600}
.coming {min-height: 45rem}
.stElementContainer:has(.narrow) {display: none}
@media (max-width: 767px) {.stElementContainer:has(.narrow) {display: block}}
.wrong {color: #8a1c1c; border-left: 4px solid #8a1c1c; padding-left: 0.6rem; max-width: 62rem}
table {border-collapse: collapse; margin: 0.5rem 0; font-variant-numeric: tabular-nums}
table caption {text-align: left; font-weight: 600; padding: 0.3rem 0}
table th, table td {border-bottom: 1px solid #ccc; padding: 0.2rem 0.7rem 0.2rem 0; text-align: left; font-weight: 400}
table th[scope=row] {min-width: 8rem}
table td {min-width: 4.5rem}
@media (max-width: 600px) {
.both .slim {display: block}
.both .scroll {display: none}
.picture:not(.both) figcaption::before {content: "The picture scrolls sideways. "}
}
table thead th {font-weight: 600; vertical-align: bottom}
progress {width: 12rem; accent-color: #0b5394; vertical-align: middle}
</style>"""
