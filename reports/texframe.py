"""What stands around the appendix: the preamble of a document of its own, which a paper passes over, and macros."""

LINE = 400
"""Characters from which on a line of the file is broken at a space."""

HEAD = r"""% A Lakatos record as an appendix. By itself: pdflatex appendix.tex (or tectonic appendix.tex).
% In a paper: \input{appendix} where it is to stand, with these lines in the preamble of the paper:
%   \usepackage{amsmath,amssymb,array,booktabs,graphicx,longtable}
%   \usepackage{hyperref}   (may be left out; links and targets are then plain text)
% Everything above the first mark below is then passed over. In a paper of two columns, say \onecolumn before it.
\makeatletter\ifx\documentclass\@notprerr\makeatother\else\makeatother
\documentclass[10pt]{article}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb,array,booktabs,graphicx,longtable}
\usepackage[hidelinks]{hyperref}
\setlength{\oddsidemargin}{0pt}
\setlength{\textwidth}{\paperwidth}\addtolength{\textwidth}{-2in}
\setlength{\topmargin}{-0.4in}
\setlength{\textheight}{\paperheight}\addtolength{\textheight}{-2.1in}
\hypersetup{pdftitle={Claims judged by Lakatos}}
\newcommand{\lakatosend}{\end{document}}
\begin{document}
\appendix
\fi
% --- appendix begins
"""

MACROS = r"""\providecommand{\lakatosend}{}
\providecommand{\href}[2]{#2}
\providecommand{\hyperlink}[2]{#2}
\providecommand{\hypertarget}[2]{#2}
\providecommand{\phantomsection}{}
% Headings that stand alone in every class: of a part, and of a source with its name for bookmarks.
\providecommand{\lakatoshead}[1]{\par\addpenalty{-300}\vspace{3ex}\noindent{\large\bfseries#1}\par\nopagebreak\vspace{1.2ex}}
\providecommand{\lakatosgroup}[2]{\par\addpenalty{-300}\vspace{4.5ex}\phantomsection\addcontentsline{toc}{subsection}{#2}%
  \noindent{\raggedright\large\bfseries#1\par}\nopagebreak\vspace{-1ex}\nopagebreak}
% A formula as it is, or as wide as the line where it is wider.
\ifdefined\lakatosbox\else\newsavebox{\lakatosbox}\fi
\providecommand{\lakatosfit}[1]{\sbox{\lakatosbox}{$\displaystyle#1$}%
  \ifdim\wd\lakatosbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\lakatosbox}}\else\usebox{\lakatosbox}\fi}
\providecommand{\lakatosdisplay}[1]{\par\nopagebreak\vspace{0.7ex}\noindent\hspace*{\fill}\lakatosfit{#1}\hspace*{\fill}%
  \par\nopagebreak\vspace{0.7ex}}
% Target, id, grade.
\providecommand{\lakatosgap}{\par\addpenalty{-200}\vspace{3.2ex}}
\providecommand{\lakatosclaim}[3]{\par\noindent\hypertarget{#1}{}%
  \begin{minipage}[t]{0.72\linewidth}\raggedright\bfseries#2\end{minipage}\hfill
  \begin{minipage}[t]{0.27\linewidth}\raggedleft\textbf{#3}\end{minipage}%
  \par\nopagebreak\vspace{0.6ex}\hrule height 0.4pt\nopagebreak\vspace{1.2ex}\nopagebreak\noindent\ignorespaces}
\ifdefined\lakatosfacts\else
\newenvironment{lakatosfacts}{\begin{list}{}{\small\raggedright\sloppy\frenchspacing
  \setlength{\labelwidth}{6.6em}\setlength{\labelsep}{0.8em}\setlength{\leftmargin}{7.4em}%
  \setlength{\itemsep}{0.35ex}\setlength{\parsep}{0pt}\setlength{\topsep}{0.4ex}\setlength{\partopsep}{0pt}%
  \setlength{\listparindent}{0pt}\setlength{\itemindent}{0pt}%
  \renewcommand{\makelabel}[1]{\textit{##1}\hfil}}}{\end{list}}\fi
"""

FOOT = r"""% --- appendix ends
\lakatosend
"""


def wrapped(block: str) -> str:
    """LaTeX with its long lines broken at spaces, which TeX takes for the same."""
    out = []
    for line in block.split("\n"):
        while len(line) > LINE and (at := line.rfind(" ", 1, LINE)) > 0 and line[:at].strip(" \\") != "":
            out.append(line[:at])
            line = line[at + 1 :]
        out.append(line)
    return "\n".join(out)
