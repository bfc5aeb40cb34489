"""Pages that say that something failed, and pages that do not, by the soft-failure rule `error message`."""

from __future__ import annotations

SAYING = (
    '<div class="alert alert-danger" role="alert"><button type="button" class="close">&times;</button> It was not saved</div>',
    '<div class="alert alert-danger"><svg class="i"><use href="#x"/></svg>\n  It was not saved</div>',
    "<ul class='errorlist nonfield'><li>Please enter a name.</li></ul>",
    '<p class="errornote">\n    Please correct the error below.\n</p>',
    '<div id="error_explanation" class="error_explanation"><h2>2 errors prohibited this from being saved</h2></div>',
    '<div id="flash_error" class="flash error">It was not saved</div>',
    '<p class="big" id="errorExplanation">You are not authorized to access this page.</p>',
    '<div class="validation-summary-errors" data-valmsg-summary="true"><ul><li>No name</li></ul></div>',
    '<div data-module="x" class="govuk-error-summary"><h2 class="t">There is a problem</h2></div>',
    '<div class="notice notice-error is-dismissible"><p>Gone</p></div>',
    '<div class="ui negative message"><div class="header">Taken</div></div>',
    '<li class="feedbackPanelERROR"><span class="feedbackPanelERROR">Required</span></li>',
    '<p class="error">Größe fehlt</p>',
    "<p class='error'>ошибка</p>",
    "<h1>404 Not Found</h1>",
    "<h1>\n  Something went wrong\n</h1>",
    '<h2 class="title">Access denied.</h2>',
    "<h1>500 - Internal Server Error</h1>",
    "<h1>An unexpected error has occurred</h1>",
)
SILENT = (
    '<div class="alert alert-danger"></div>It was saved',
    '<div class="error">&nbsp;</div>',
    '<div class="error-message"><!-- none --></div>',
    '<div class="alert alert-success">It was saved</div>',
    '<span class="error-count">3</span>',
    '<span class="error">*</span>',
    '<div class="error-messages-hidden">x</div>',
    '<div class="terror">x</div>',
    "<td class='error'>x</td>",
    '<input class="error"> Name',
    '<div title="class=error">x</div>',
    "<h1>500</h1>",
    "<h1>Errors of measurement</h1>",
    "<h3>Not found</h3>",
    "<p>Error</p>",
)
