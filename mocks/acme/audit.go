package acme

// auditChange writes a SCIM write into the audit log.
func (a *App) auditChange(*Change) {}
