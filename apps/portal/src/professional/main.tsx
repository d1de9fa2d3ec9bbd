// The professionals' entry.
import '../design/base.css'
