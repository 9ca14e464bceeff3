/** The key of local mode; it exists only while nothing but the loopback interface can reach the API. */
export const LOCAL_KEY = 'dk_local_development'
